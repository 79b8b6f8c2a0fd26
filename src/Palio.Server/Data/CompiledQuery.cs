using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Palio.Server.Data;

/// <summary>
/// A query whose expression is worked through once for each kind of database instead of once for each request, which is a third of what a
/// small query costs. For those that every request or every submission asks.
/// </summary>
/// <typeparam name="TQuery">What <c>EF.CompileAsyncQuery</c> makes.</typeparam>
internal sealed class CompiledQuery<TQuery>(Func<TQuery> compile)
    where TQuery : class
{
    private readonly ConditionalWeakTable<IModel, TQuery> _compiled = [];

    public TQuery On(PalioDbContext db) => _compiled.GetValue(db.Model, _ => compile());
}
