using Microsoft.EntityFrameworkCore;

namespace Palio.Server.Data;

/// <summary>For instances of more than one machine.</summary>
internal sealed class PostgresPalioDbContext(DbContextOptions<PostgresPalioDbContext> options) : PalioDbContext(options);
