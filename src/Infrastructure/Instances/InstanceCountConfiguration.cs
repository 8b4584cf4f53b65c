using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FollowUp.Infrastructure.Instances;

internal sealed class InstanceCountConfiguration : IEntityTypeConfiguration<InstanceCount>
{
    public void Configure(EntityTypeBuilder<InstanceCount> builder)
    {
        // As with StepStat; the migration HotPath makes the tables, the view and what fills them.
        builder.ToView("instance_count_sum");
        builder.HasNoKey();
    }
}
