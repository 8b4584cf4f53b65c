namespace FollowUp.Infrastructure.Persistence;

/// <summary>The tables. Commands and queries use it; the engine's hot path has its own SQL in <c>Dispatch/</c>.</summary>
internal sealed class FollowUpDbContext : DbContext
{
    public FollowUpDbContext(DbContextOptions<FollowUpDbContext> options)
        : base(options) =>
        // A unit of work is repeated as a whole. In addition, when releasing its savepoint fails, EF Core only logs it: if the connection was lost at
        // that moment, the next statement would reopen it outside of the transaction.
        Database.AutoSavepointsEnabled = false;

    public DbSet<AppUser> Users => Set<AppUser>();
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();
    public DbSet<Sequence> Sequences => Set<Sequence>();
    public DbSet<SequenceMigration> Migrations => Set<SequenceMigration>();
    public DbSet<Calendar> Calendars => Set<Calendar>();
    public DbSet<Operation> Operations => Set<Operation>();
    public DbSet<Instance> Instances => Set<Instance>();
    public DbSet<StepJob> Jobs => Set<StepJob>();
    public DbSet<Attempt> Attempts => Set<Attempt>();
    public DbSet<Message> Messages => Set<Message>();
    public DbSet<FollowUpEvent> Events => Set<FollowUpEvent>();
    public DbSet<Suppression> Suppressions => Set<Suppression>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        // FollowUpEvent is the only domain event that is stored, so it is not part of a hierarchy.
        modelBuilder.Ignore<DomainEvent>();
        modelBuilder.HasDbFunction(typeof(SqlText).GetMethod(nameof(SqlText.Bytes))!).HasName("octet_length").IsBuiltIn();
        modelBuilder.HasDbFunction(typeof(SqlText).GetMethod(nameof(SqlText.Lower))!).HasName("lower").IsBuiltIn();
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(FollowUpDbContext).Assembly);
        NameForeignKeys(modelBuilder);
    }

    /// <summary>EF Core's own names depend on the order in which the configurations run.</summary>
    private static void NameForeignKeys(ModelBuilder modelBuilder)
    {
        foreach (var key in modelBuilder.Model.GetEntityTypes().SelectMany(type => type.GetForeignKeys()))
        {
            var columns = string.Join('_', key.Properties.Select(property => property.GetColumnName()));
            key.SetConstraintName($"fk_{key.DeclaringEntityType.GetTableName()}_{key.PrincipalEntityType.GetTableName()}_{columns}");
        }
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<OwnerId>().HaveConversion<OwnerIdConverter>();
        configurationBuilder.Properties<SequenceId>().HaveConversion<SequenceIdConverter>();
        configurationBuilder.Properties<SequenceVersionId>().HaveConversion<SequenceVersionIdConverter>();
        configurationBuilder.Properties<MigrationId>().HaveConversion<MigrationIdConverter>();
        configurationBuilder.Properties<OperationId>().HaveConversion<OperationIdConverter>();
        configurationBuilder.Properties<OperationKind>().HaveConversion<CamelConverter<OperationKind>>();
        configurationBuilder.Properties<OperationState>().HaveConversion<LowerConverter<OperationState>>();
        configurationBuilder.Properties<ActorKind>().HaveConversion<CamelConverter<ActorKind>>();
        configurationBuilder.Properties<CalendarId>().HaveConversion<CalendarIdConverter>();
        configurationBuilder.Properties<InstanceId>().HaveConversion<InstanceIdConverter>();
        configurationBuilder.Properties<AttemptId>().HaveConversion<AttemptIdConverter>();
        configurationBuilder.Properties<StepIndex>().HaveConversion<StepIndexConverter>();
        configurationBuilder.Properties<EmailAddress>().HaveConversion<EmailAddressConverter>();
        configurationBuilder.Properties<PhoneNumber>().HaveConversion<PhoneNumberConverter>();
        configurationBuilder.Properties<InstanceStatus>().HaveConversion<UpperConverter<InstanceStatus>>();
        configurationBuilder.Properties<AttemptStatus>().HaveConversion<UpperConverter<AttemptStatus>>();
        configurationBuilder.Properties<StepType>().HaveConversion<UpperConverter<StepType>>();
        configurationBuilder.Properties<Channel>().HaveConversion<UpperConverter<Channel>>();
        configurationBuilder.Properties<MigrationPolicy>().HaveConversion<LowerConverter<MigrationPolicy>>();
        configurationBuilder.Properties<MigrationState>().HaveConversion<LowerConverter<MigrationState>>();
        configurationBuilder.Properties<JobState>().HaveConversion<LowerConverter<JobState>>();
        configurationBuilder.Properties<ParkReason>().HaveConversion<CamelConverter<ParkReason>>();
        configurationBuilder.Properties<ApiKeyKind>().HaveConversion<LowerConverter<ApiKeyKind>>();
        configurationBuilder.Properties<EventType>().HaveConversion<EventTypeConverter>();
        configurationBuilder.Properties<EventStatus>().HaveConversion<EventStatusConverter>();
        configurationBuilder.Properties<StopReason>().HaveConversion<CamelConverter<StopReason>>();
        configurationBuilder.Properties<SuppressionSource>().HaveConversion<CamelConverter<SuppressionSource>>();
        configurationBuilder.Properties<Attention>().HaveConversion<CamelConverter<Attention>>();
    }
}
