using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;
using Palio.Registry;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.EvalAi;
using Palio.Server.Features.Accounts;
using Palio.Server.Features.Administration;
using Palio.Server.Features.Challenges;
using Palio.Server.Features.Evaluations;
using Palio.Server.Features.Leaderboards;
using Palio.Server.Features.Submissions;
using Palio.Server.Features.Teams;
using Palio.Server.Storage;
using Palio.Server.Web;
using Scalar.AspNetCore;

namespace Palio.Server.Hosting;

/// <summary>Puts the application together.</summary>
internal static class PalioServer
{
    private const string DefaultUrl = "http://127.0.0.1:8080";

    /// <summary>Builds it, ready to be started.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="configure">For tests: called last, may replace anything.</param>
    /// <exception cref="SettingsException">All that is wrong with the settings.</exception>
    public static WebApplication Create(ServerArguments arguments, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(PalioServer).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environments.Production,
        });
        var mistakes = ServerConfiguration.Load(builder.Configuration, arguments);
        UseBuiltAssets(builder);
        builder.WebHost.UseUrls(arguments.Urls ?? builder.Configuration["Urls"] ?? DefaultUrl);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        UseLargeTransfers(builder);
        AddServices(builder, arguments);
        configure?.Invoke(builder);
        var app = builder.Build();
        Validate(app, mistakes);
        UsePipeline(app);
        MapEndpoints(app);
        return app;
    }

    // What a connection's requests wait for continues on the thread that brought it: a hop less for each piece of a layer. Only that
    // connection waits for a handler that blocks.
    private static void UseLargeTransfers(WebApplicationBuilder builder)
    {
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, ConnectionMemory>();
    }

    private static void AddServices(WebApplicationBuilder builder, ServerArguments arguments)
    {
        var (services, configuration) = (builder.Services, builder.Configuration);
        var data = new DataFolder(arguments.Data);
        services.AddSingleton(data);
        services.AddSingleton<InstanceIdentity>();
        services.AddSingleton<ContentStore>();
        services.AddSingleton<InstanceAddress>();
        services.AddSingleton(TimeProvider.System);
        services.AddHostedService<IdleMemory>();
        services.AddValidated<InstanceOptions, InstanceOptions.Validator>(configuration, InstanceOptions.Section);
        services.AddValidated<DatabaseOptions, DatabaseOptions.Validator>(configuration, DatabaseOptions.Section);
        services.AddPalioDatabase(OptionsSetup.Read<DatabaseOptions>(configuration, DatabaseOptions.Section), data);
        services.AddPalioAuth(data, OptionsSetup.Read<AccountOptions>(configuration, AccountOptions.Section));
        services.AddAccounts(configuration);
        services.AddChallenges(configuration);
        services.AddSubmissions();
        services.AddEvaluations(configuration);
        services.AddLeaderboards();
        services.AddEvalAi(configuration);
        services.AddSingleton<IRegistryAuthorizer, RegistryAuthorizer>();
        services.AddValidation();
        services.AddExceptionHandler<ProblemResponses>();
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            context.ProblemDetails.Extensions.TryAdd("code", context.ProblemDetails.Status == 404 ? RefusalCodes.NotFound : RefusalCodes.Validation);
            context.ProblemDetails.Extensions.TryAdd("remedy", "Compare the request with the API's documentation at /api/docs.");
        });
        services.AddPalioPages();
        services.AddOpenApi("v1");
        services.AddResponseCompression();
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, EvaluationJsonContext.Default);
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJsonContext.Default);
        });
        services.AddSingleton<IValidateOptions<RegistryOptions>>(new SettingsBinding.Validator<RegistryOptions>(configuration, RegistryOptions.Section));
        services.AddPalioRegistry(options =>
        {
            SettingsBinding.Bind(configuration, RegistryOptions.Section, options);
            options.DataFolder = options.DataFolder.Length == 0 ? data.PrivateFolder("registry") : options.DataFolder;
            options.PublicUrl ??= OptionsSetup.Read<InstanceOptions>(configuration, InstanceOptions.Section).PublicUrl;
        });
    }

    // A build's output has no wwwroot of its own; its manifest says where the files lie. A published application has one.
    private static void UseBuiltAssets(WebApplicationBuilder builder)
    {
        if (File.Exists(Path.Combine(AppContext.BaseDirectory, "Palio.Server.staticwebassets.runtime.json")))
        {
            try
            {
                builder.WebHost.UseStaticWebAssets();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new SettingsException([$"The website's files are in folders of whoever built this, and {Environment.UserName} cannot read them ({exception.Message}). "
                    + "Start the server as the user who built it (it needs no root), or from a folder that 'dotnet publish' made."]);
            }
        }
    }

    private static void Validate(WebApplication app, IReadOnlyList<string> mistakes)
    {
        try
        {
            app.Services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (Exception exception) when (exception is OptionsValidationException or AggregateException)
        {
            throw new SettingsException([.. mistakes, .. SettingsException.From(exception).Mistakes]);
        }

        if (mistakes.Count > 0)
        {
            throw new SettingsException(mistakes);
        }
    }

    private static void UsePipeline(WebApplication app)
    {
        app.UseEvalAiPaths();
        app.UseSecurityHeaders();
        app.UseBoardAnswers();
        app.UseExceptionHandler(new ExceptionHandlerOptions { AllowStatusCode404Response = true, CreateScopeForErrors = true });
        app.UseRouting();
        app.UseWhen(context => !context.Request.Path.StartsWithSegments("/v2", StringComparison.Ordinal), branch => branch.UseResponseCompression());
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseEvalAi();
        app.UseSameOriginForCookies();
        app.UseAuthorization();
    }

    private static void MapEndpoints(WebApplication app)
    {
        var api = app.MapGroup("/api/v1");
        api.MapAdministration();
        api.MapAccounts();
        api.MapTeams();
        api.MapChallenges();
        api.MapSubmissions();
        api.MapEvaluations();
        api.MapLeaderboards();
        app.MapHealth();
        app.MapPalioRegistry();
        app.MapOpenApi().WithName("OpenApiDocument").WithTags("Instance").AllowAnonymous();
        // Its fonts come from elsewhere, which the pages' policy does not allow.
        app.MapScalarApiReference("/api/docs", options => options.DisableDefaultFonts()).WithTags("Instance").AllowAnonymous();
        app.MapEvalAi();
        app.MapPalioPages();
    }
}
