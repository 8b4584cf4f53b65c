using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FollowUp.Infrastructure.Instances;

internal sealed class InstanceCountConfiguration : IEntityTypeConfiguration<InstanceCount>
{
    public void Configure(EntityTypeBuilder<InstanceCount> builder)
    {
        // Created in statistics.sql, as for StepStat.
        builder.ToView("instance_count_sum");
        builder.HasNoKey();
    }
}
