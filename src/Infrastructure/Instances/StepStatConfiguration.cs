using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FollowUp.Infrastructure.Instances;

internal sealed class StepStatConfiguration : IEntityTypeConfiguration<StepStat>
{
    public void Configure(EntityTypeBuilder<StepStat> builder)
    {
        // Folded rows and those that are still to be folded; the migration Statistics makes both tables, the view and what fills them.
        builder.ToView("step_stat_sum");
        builder.HasNoKey();
    }
}
