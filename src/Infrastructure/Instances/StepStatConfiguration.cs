namespace FollowUp.Infrastructure.Instances;

internal sealed class StepStatConfiguration : IEntityTypeConfiguration<StepStat>
{
    public void Configure(EntityTypeBuilder<StepStat> builder)
    {
        // Folded rows and those not folded yet. statistics.sql, beside the migration, creates both tables, the view and the triggers.
        builder.ToView("step_stat_sum");
        builder.HasNoKey();
    }
}
