namespace FollowUp.Infrastructure.Instances;

/// <summary>A partial count of a sequence's instances in a status, maintained by the database in the transaction that changes an instance.</summary>
internal sealed class InstanceCount
{
    public SequenceId SequenceId { get; private init; }
    public InstanceStatus Status { get; private init; }

    /// <summary>The number of instances; negative where instances left the status since the rows were last folded.</summary>
    public long Count { get; private init; }
}

internal sealed class InstanceCountConfiguration : IEntityTypeConfiguration<InstanceCount>
{
    public void Configure(EntityTypeBuilder<InstanceCount> builder)
    {
        // As with StepStat: statistics.sql creates the tables, the view and the triggers.
        builder.ToView("instance_count_sum");
        builder.HasNoKey();
    }
}
