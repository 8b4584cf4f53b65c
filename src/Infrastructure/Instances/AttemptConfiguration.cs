namespace FollowUp.Infrastructure.Instances;

internal sealed class AttemptConfiguration : IEntityTypeConfiguration<Attempt>
{
    public void Configure(EntityTypeBuilder<Attempt> builder)
    {
        builder.ToTable("attempt");
        builder.HasKey(a => a.Id);
        builder.Property(a => a.Id).ValueGeneratedNever();
        builder.Property<OwnerId>("OwnerId");
        builder.Property(a => a.HasSlot).HasDefaultValue(false);
        builder.HasOne<Instance>().WithMany().HasForeignKey(a => a.InstanceId).OnDelete(DeleteBehavior.Cascade);
        // No index on columns that a write-back changes, so that it updates no index. Pruning uses the time at the start of the ids.
        builder.HasIndex(a => a.InstanceId);
    }
}
