namespace FollowUp.Infrastructure.Instances;

internal sealed class InstanceCountConfiguration : IEntityTypeConfiguration<InstanceCount>
{
    public void Configure(EntityTypeBuilder<InstanceCount> builder)
    {
        // As with StepStat: statistics.sql creates the tables, the view and the triggers.
        builder.ToView("instance_count_sum");
        builder.HasNoKey();
    }
}
