namespace FollowUp.Infrastructure.Instances;

internal sealed class MessageConfiguration : IEntityTypeConfiguration<Message>
{
    public void Configure(EntityTypeBuilder<Message> builder)
    {
        builder.ToTable("message");
        // One index serves both the event that names the message and the erasure of an instance's messages.
        builder.HasKey(m => new { m.InstanceId, m.Id });
        builder.Property(m => m.Id).ValueGeneratedNever();
        builder.HasOne<Instance>().WithMany().HasForeignKey(m => m.InstanceId).OnDelete(DeleteBehavior.Cascade);
    }
}
