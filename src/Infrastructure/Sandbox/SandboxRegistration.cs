using FollowUp.Application.Accounts;
using FollowUp.Application.Delivery;
using FollowUp.Application.Dispatch;
using FollowUp.Application.Instances;
using FollowUp.Application.Operations;
using FollowUp.Application.Sandbox;
using FollowUp.Application.Sequences;
using FollowUp.Application.Templates;
using FollowUp.Infrastructure.Accounts;
using FollowUp.Infrastructure.Delivery;
using FollowUp.Infrastructure.Delivery.Unsubscribing;
using FollowUp.Infrastructure.Instances;
using FollowUp.Infrastructure.Operations;
using FollowUp.Infrastructure.Persistence;
using FollowUp.Infrastructure.Sequences;
using FollowUp.Infrastructure.Templates;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace FollowUp.Infrastructure.Sandbox;

/// <summary>Registers sandboxes: what the program needs to enter them, and what is inside of one.</summary>
internal static class SandboxRegistration
{
    /// <summary>The meter of what sandboxes do; nobody listens to it.</summary>
    private const string Meter = "FollowUp.Sandbox";

    /// <summary>Registers the way in. Outside of a sandbox there is none.</summary>
    internal static void AddSandboxes(this IServiceCollection services, IConfiguration settings)
    {
        services.AddSingleton(
            new SandboxOptions(
                settings.Whole("Sandbox:StepsPerCall", 2_000, 1, 1_000_000),
                settings.Duration("Sandbox:TimePerCall", TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(100))
            )
        );
        services.AddSingleton(SandboxLimits.Read(settings));
        services.AddSingleton<SandboxRegistry>();
        services.AddSingleton<ISandbox, NoSandbox>();
    }

    /// <summary>
    /// Builds the inside of a world: the same use cases and the same engine as the program's, over the world's own tables, with senders that keep
    /// what they get. No provider's sender and no connection to live tables is registered here, so nothing in here can reach one.
    /// </summary>
    internal static ServiceProvider BuildWorld(IServiceProvider program, NpgsqlDataSource tables, SandboxClock time)
    {
        var services = new ServiceCollection();
        services.AddSingleton(tables);
        services.AddSingleton(new EngineDatabase(tables));
        services.AddSingleton(time);
        services.AddSingleton<TimeProvider>(time);
        services.Share<IConfiguration>(program);
        services.Share<IHostEnvironment>(program);
        services.Share<IHostApplicationLifetime>(program);
        services.Share<ILoggerFactory>(program);
        services.Share<IHttpContextAccessor>(program);
        services.Share<DispatchOptions>(program);
        services.Share<BacklogOptions>(program);
        services.Share<OperationOptions>(program);
        services.Share<SandboxOptions>(program);
        services.Share<SandboxLimits>(program);
        services.Share<RenderShares>(program);
        services.Share<IVersionVariables>(program);
        services.Share<TemplateCache>(program);
        services.Share<StepCache>(program);
        services.Share<StepListCache>(program);
        services.Share<QueryTimeout>(program);
        services.AddSingleton<SandboxSize>();
        services.Share<IOptions<EmailOptions>>(program);
        services.Share<ISenderIdentity>(program);
        services.Share<PublicAddress>(program);
        services.Share<IOptions<TwilioOptions>>(program);
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddScoped<ICaller, Caller>();

        services.AddEngine();
        // Options per scope, so that every context has a connection of its own from the sandbox's pool: requests that share one connection run
        // statements in each other's transactions. The options take a connection and not the data source, because EF Core keeps one model per
        // data source indefinitely.
        services.AddDbContext<FollowUpDbContext>(
            (_, options) => options.UseNpgsql(tables.CreateConnection(), contextOwnsConnection: true).UseSnakeCaseNamingConvention(),
            ServiceLifetime.Scoped,
            ServiceLifetime.Scoped
        );
        services.AddSingleton(_ => new EngineMetrics(Meter));
        services.AddSingleton<StepStatRollup>();
        services.AddSingleton<OperationJob>();
        services.AddSingleton<IStepSenders, SandboxSenders>();
        services.AddScoped<ISandbox, ScopedSandbox>();

        var environment = program.GetRequiredService<IHostEnvironment>();
        var world = services.BuildServiceProvider(
            new ServiceProviderOptions { ValidateOnBuild = environment.IsDevelopment(), ValidateScopes = environment.IsDevelopment() }
        );
        world.GetRequiredService<DatabaseReadiness>().Announce(wasEmpty: false);
        return world;
    }

    private static void Share<T>(this IServiceCollection services, IServiceProvider program)
        where T : class => services.AddSingleton(program.GetRequiredService<T>());

    /// <summary>The sandbox of a caller that has none: the routes of sandboxes let no such caller in.</summary>
    private sealed class NoSandbox : ISandbox
    {
        public Task<SandboxClockView> Clock(CancellationToken cancellationToken) => throw Missing();

        public Task<ISandboxClockLock?> Begin(CancellationToken cancellationToken) => throw Missing();

        public Task<List<(long Number, SandboxMessageView Message)>> Messages(
            ListSandboxMessages query,
            long after,
            int most,
            long mostBytes,
            CancellationToken cancellationToken
        ) => throw Missing();

        private static InvalidOperationException Missing() => new("This is no sandbox.");
    }
}
