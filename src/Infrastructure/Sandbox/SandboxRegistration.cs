using FollowUp.Infrastructure.Delivery.Unsubscribing;
using Microsoft.AspNetCore.Http;

namespace FollowUp.Infrastructure.Sandbox;

internal static class SandboxRegistration
{
    /// <summary>The meter for activity in sandboxes; it is not exported.</summary>
    private const string Meter = "FollowUp.Sandbox";

    /// <summary>Registers the services for entering a sandbox. Outside of sandboxes, <see cref="ISandbox"/> is <see cref="NoSandbox"/>.</summary>
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
    /// Builds the services of a sandbox: the program's use cases and engine over the sandbox's own tables, with senders that store the messages. No
    /// provider's sender and no connection to the live tables is registered here, so no code in a sandbox can reach one.
    /// </summary>
    internal static ServiceProvider BuildServices(IServiceProvider program, NpgsqlDataSource tables, SandboxClock time)
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
        // The sandbox's clock may have moved since the last call.
        services.AddSingleton(new FeedLifetimes(TimeSpan.Zero, TimeSpan.Zero));
        services.AddSingleton<SandboxSize>();
        services.Share<IOptions<EmailOptions>>(program);
        services.Share<ISenderIdentity>(program);
        services.Share<PublicAddress>(program);
        services.Share<IOptions<TwilioOptions>>(program);
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddScoped<ICaller, Caller>();

        services.AddEngine();
        // Options per scope, so that every context has its own connection from the sandbox's pool: requests that share a connection run statements in
        // each other's transactions. The options take a connection rather than the data source, because EF Core keeps one model per data source
        // indefinitely.
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
        var sandbox = services.BuildServiceProvider(
            new ServiceProviderOptions { ValidateOnBuild = environment.IsDevelopment(), ValidateScopes = environment.IsDevelopment() }
        );
        sandbox.GetRequiredService<DatabaseReadiness>().Announce(wasEmpty: false);
        return sandbox;
    }

    private static void Share<T>(this IServiceCollection services, IServiceProvider program)
        where T : class => services.AddSingleton(program.GetRequiredService<T>());

    /// <summary>The sandbox of a caller without one: the routes of sandboxes do not admit such a caller.</summary>
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
