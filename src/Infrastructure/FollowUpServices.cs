using FluentValidation;
using FollowUp.Infrastructure.Delivery.Unsubscribing;
using FollowUp.Infrastructure.Scheduling.Ics;
using FollowUp.Infrastructure.Telemetry;
using MediatR;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Quartz;

namespace FollowUp.Infrastructure;

/// <summary>Registers all services below the Web layer. Called once at startup.</summary>
public static class FollowUpServices
{
    /// <summary>Registers persistence, the MediatR pipeline, delivery and templates, and the engine if this node is a worker.</summary>
    /// <param name="environment">Development has more defaults than Production.</param>
    /// <exception cref="SettingException">A setting is missing or invalid.</exception>
    public static IServiceCollection AddFollowUpInfrastructure(
        this IServiceCollection services,
        IConfiguration settings,
        IHostEnvironment environment
    )
    {
        services.TryAddSingleton(TimeProvider.System);
        var options = Settings.Dispatch(settings);
        services.AddSingleton(options);
        services.AddSingleton(options.Backlog);
        services.AddSingleton(Ceilings.Read(settings));
        services.AddSingleton(Settings.Operations(settings));
        DataSource.Check(settings);
        services.AddSingleton(_ => DataSource.Build(settings));
        services.AddSingleton(_ => new EngineDatabase(DataSource.BuildEngine(settings)));
        services.AddHostedService<Migrator>();
        services.AddSingleton(CheckpointKeys.Read(settings, environment));
        services.AddSingleton<SealInterceptor>();
        services.AddSingleton<IDatabaseStartTask, ConnectionBudget>();
        services.AddSingleton<IDatabaseStartTask, LogSealStart>();
        services.AddSingleton<RenderShares>();
        services.AddSingleton<IVersionVariables, CachedVariables>();
        services.AddSingleton(
            new QueryTimeout(settings.Duration("Database:QueryTimeout", TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(1)))
        );
        services.AddSingleton<LagWindow>();
        services.AddSingleton(new FeedLifetimes(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(60)));
        services.AddHostedService<NodeHeartbeat>();
        services.AddHostedService<GaugeLoop>();
        services.AddEngine();
        services.AddDbContextPool<FollowUpDbContext>(
            (provider, options) =>
                options
                    .UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>())
                    .UseSnakeCaseNamingConvention()
                    .AddInterceptors(provider.GetRequiredService<SealInterceptor>())
        );
        services.TryAddScoped<ICaller, SystemCaller>();
        services.AddDelivery(settings, environment);
        services.AddPublicAddress(settings, environment);
        services.AddSandboxes(settings);
        services.AddTelemetry(settings);
        if (settings.Choice("Role", "all", "all", "api", "worker") != "api")
        {
            services.AddWorker(options);
        }

        // A drain may use its full timeout, plus a little more to write back the last step.
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTimeout + TimeSpan.FromSeconds(15));
        return services;
    }

    /// <summary>
    /// The services that the program and every sandbox have separately: use cases, outbox, templates. Not included are senders and the <see
    /// cref="FollowUpDbContext"/>, which the caller registers.
    /// </summary>
    internal static void AddEngine(this IServiceCollection services)
    {
        services.AddPersistence();
        services.AddPipeline();
        services.AddOperations();
        services.AddOutbox();
        services.AddSingleton<StepRenderer>();
        services.AddSingleton<MessageComposer>();
        services.AddTemplates();
        services.AddUnsubscribing();
        services.AddSingleton<IBulkReader, BulkReader>();
        services.AddSingleton<ISuppressionReader, SuppressionReader>();
    }

    private static void AddPersistence(this IServiceCollection services)
    {
        // Lazy: creating a DbContext is expensive and most steps never use one.
        services.AddScoped(provider => new Lazy<FollowUpDbContext>(provider.GetRequiredService<FollowUpDbContext>));
        services.AddSingleton<DatabaseReadiness>();
        services.AddSingleton<DatabaseWatch>();
        services.AddScoped<IQueryTimeout, EfQueryTimeout>();
        // Shared by a node and its sandboxes.
        services.TryAddSingleton<StepCache>();
        services.TryAddSingleton<StepListCache>();
        services.AddSingleton<ISequenceVersions, CachedSequenceVersions>();
        services.AddScoped<IStepLists, CachedStepLists>();
        services.AddSingleton<CommitOutcomeResolver>();
        services.AddScoped<ITransactions, EfTransactions>();
        services.AddScoped<IReadDb, EfReadDb>();
        services.AddScoped<IInstanceReads, EfInstanceReads>();
        services.AddScoped<IInstanceCounts, EfInstanceCounts>();
        services.AddScoped<IStepStatistics, EfStepStatistics>();
        services.AddScoped<IDatabaseClock, DatabaseClock>();
        services.AddSingleton<RecentLogHorizon>();
        services.AddScoped<ILogHorizon, SqlLogHorizon>();
        // A sandbox has no checkpoints: its key would be the live one, and no other user writes to it.
        services.TryAddSingleton(LogSeals.Off);
        services.AddScoped<ILogSeals, SqlLogSeals>();
        services.AddScoped<IIdempotencyKeys, SqlIdempotencyKeys>();
        services.AddScoped<ISequenceRepository, EfSequenceRepository>();
        services.AddScoped<ISequencePages, SqlSequencePages>();
        services.AddScoped<IVersionShapes, SqlVersionShapes>();
        services.AddScoped<ISequenceMigrations, EfSequenceMigrations>();
        services.AddScoped<IMigrationBatches, EfMigrationBatches>();
        services.AddScoped<IRunningInstances, EfRunningInstances>();
        services.AddScoped<IInstanceRepository, EfInstanceRepository>();
        services.AddScoped<ISuppressions, EfSuppressions>();
        services.AddScoped<IApiKeyRepository, EfApiKeyRepository>();
        services.AddSingleton<IApiKeyUses, WrittenKeyUses>();
        services.AddScoped<IUsers, SqlUsers>();
        services.AddScoped<ISuppressionList, EfSuppressionList>();
        services.AddScoped<ISuppressionBatches, SqlSuppressionBatches>();
        services.AddScoped<IAuditLog, EfAuditLog>();
        services.AddScoped<IBulkEnrolment, SqlBulkEnrolment>();
        services.AddScoped<IAbandonedSteps, EfAbandonedSteps>();
        services.AddSingleton<ExpiredLeases>();
        services.AddSingleton<QueueGauge>();
        services.AddSingleton<PlanReader>();
        services.AddScoped<ISendingPlans, SendingPlans>();
        services.AddScoped<Timetables>();
        services.AddSingleton<JobRescheduler>();
        services.AddSingleton<SendBacklog>();
        services.AddScoped<ICalendarRepository, EfCalendarRepository>();
        services.AddScoped<ICalendarUses, EfCalendarUses>();
        services.AddScoped<ILimits, SqlLimits>();
        services.AddSingleton<IIcsReader, IcsReader>();
    }

    /// <summary>MediatR 5.1, registered by Scrutor's assembly scan. The behaviors run in the order of registration.</summary>
    private static void AddPipeline(this IServiceCollection services)
    {
        services.AddScoped<ServiceFactory>(provider => provider.GetService!);
        services.AddScoped<IMediator, Mediator>();
        services.AddScoped<Sender>();
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(TelemetryBehavior<,>));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(ValidationBehavior<,>));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(QueryTimeoutBehavior<,>));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(PreparationBehavior<,>));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(TransactionBehavior<,>));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(IdempotencyBehavior<,>));
        services.AddScoped<PreparedWarnings>();
        services.AddScoped<PreparedEnrolmentCheck>();
        services.AddScoped<KeyedBulk>();
        services.AddSingleton(typeof(IValidator<>), typeof(PagingValidator<>));
        services.Scan(scan =>
            scan.FromAssemblyOf<Sender>()
                .AddClasses(classes => classes.AssignableTo(typeof(IPreparation<>)), publicOnly: false)
                .As(type => type.GetInterfaces().Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IPreparation<>)))
                .WithScopedLifetime()
                .AddClasses(classes => classes.AssignableTo(typeof(IRequestHandler<,>)), publicOnly: false)
                .As(type => type.GetInterfaces().Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRequestHandler<,>)))
                .WithScopedLifetime()
                .AddClasses(classes => classes.AssignableTo<IDomainEventHandler>(), publicOnly: false)
                .As<IDomainEventHandler>()
                .WithScopedLifetime()
                .AddClasses(classes => classes.AssignableTo(typeof(IValidator<>)).Where(type => !type.IsGenericType), publicOnly: false)
                .As(type => type.GetInterfaces().Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IValidator<>)))
                .WithSingletonLifetime()
        );
    }

    private static void AddOperations(this IServiceCollection services)
    {
        services.AddScoped<IOperations, EfOperationRepository>();
        services.AddScoped<OperationQueue>();
        services.AddSingleton<OperationScheduler>();
        services.AddSingleton<IBatchWork, OperationWork>();
        services.AddSingleton<IBatchWork, MigrationWork>();
        services.AddScoped<IOperationRunner, DeleteSequenceRunner>();
        services.AddScoped<IOperationRunner, ReleaseParkedRunner>();
        services.AddScoped<IOperationRunner, RescheduleRunner>();
        services.AddScoped<IOperationRunner, ApplyLimitsRunner>();
        services.AddScoped<IOperationRunner, InstanceActionRunner>();
        services.AddScoped<EfInstanceBatches>();
        services.AddScoped<IWaitingSteps, WaitingStepReader>();
        services.AddScoped<ChangeEffects>();
        services.AddTransient<SequencePreviewer>();
        services.AddScoped<IInstanceBatches>(provider => provider.GetRequiredService<EfInstanceBatches>());
        services.AddScoped<IInstanceGroups>(provider => provider.GetRequiredService<EfInstanceBatches>());
    }

    private static void AddOutbox(this IServiceCollection services)
    {
        services.AddSingleton(_ => new EngineMetrics());
        services.AddSingleton<IDatabaseMetrics>(provider => provider.GetRequiredService<EngineMetrics>());
        services.AddSingleton<Breakers>();
        services.AddSingleton<IBreakers>(provider => provider.GetRequiredService<Breakers>());
        services.AddSingleton<IBreakerStatus, SqlBreakerStatus>();
        services.AddSingleton<ISystemFigures, SystemFigures>();
        services.AddSingleton<OwnerFeeds>();
        services.AddScoped<IOwnerFeeds, CallerFeeds>();
        services.AddSingleton<StepOutbox>();
        services.AddSingleton<IStepOutbox>(provider => provider.GetRequiredService<StepOutbox>());
        // A sandbox sends nothing, so the operator's ceilings do not apply to it.
        services.TryAddSingleton(Ceilings.None);
        services.AddSingleton<SqlCeilings>();
        services.AddSingleton<IMailCeiling>(provider => provider.GetRequiredService<SqlCeilings>());
        services.AddSingleton<ICeilings>(provider => provider.GetRequiredService<SqlCeilings>());
        services.AddSingleton<ISendQuota, SqlSendQuota>();
        services.AddSingleton<WakeUp>();
        services.AddHostedService(provider => provider.GetRequiredService<WakeUp>());
    }

    private static void AddWorker(this IServiceCollection services, DispatchOptions options)
    {
        services.AddSingleton<BlockedOwners>();
        services.AddSingleton<StrandedSequences>();
        services.AddSingleton<Pruner>();
        services.AddSingleton<StepStatRollup>();
        services.AddSingleton<StepPump>();
        services.AddSingleton<IEngineLoad>(provider => provider.GetRequiredService<StepPump>());
        services.AddHostedService(provider => provider.GetRequiredService<StepPump>());
        services.AddHostedService<WakeUpListener>();
        services.AddQuartz(quartz =>
        {
            quartz.Every<PumpJob>(options.PollInterval);
            quartz.Every<RenewJob>(options.RenewInterval);
            quartz.Every<SweepJob>(options.SweepInterval);
            quartz.Every<OperationJob>(options.PollInterval);
            quartz.Every<PruneJob>(TimeSpan.FromMinutes(1));
            quartz.Every<FoldJob>(TimeSpan.FromSeconds(5));
        });
        services.AddQuartzHostedService(quartz => quartz.WaitForJobsToComplete = true);
    }

    private static void Every<TJob>(this IQuartzBuilder quartz, TimeSpan interval)
        where TJob : IJob
    {
        var name = typeof(TJob).Name;
        quartz.AddJob<TJob>(job => job.WithIdentity(name));
        quartz.AddTrigger(trigger =>
            trigger
                .ForJob(name)
                .WithIdentity(name)
                .StartNow()
                .WithSimpleSchedule(schedule => schedule.WithInterval(interval).RepeatForever())
        );
    }
}
