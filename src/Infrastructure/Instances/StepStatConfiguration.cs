using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FollowUp.Infrastructure.Instances;

internal sealed class StepStatConfiguration : IEntityTypeConfiguration<StepStat>
{
    public void Configure(EntityTypeBuilder<StepStat> builder)
    {
        // Folded rows and deltas. statistics.sql, beside the migration, creates both tables, the view and the trigger that fills them.
        builder.ToView("step_stat_sum");
        builder.HasNoKey();
    }
}
