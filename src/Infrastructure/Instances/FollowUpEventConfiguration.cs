namespace FollowUp.Infrastructure.Instances;

internal sealed class FollowUpEventConfiguration : IEntityTypeConfiguration<FollowUpEvent>
{
    public void Configure(EntityTypeBuilder<FollowUpEvent> builder)
    {
        builder.ToTable("follow_up_event");
        builder.HasKey(e => new { e.InstanceId, e.Number });
        builder.Property(e => e.Id).ValueGeneratedNever();
        // json, not jsonb: the hash covers the exact text.
        builder.Property(e => e.Content).HasColumnType("json");
        builder.ComplexProperty(
            e => e.Actor,
            actor =>
            {
                actor.Property(a => a.Kind).HasColumnName("actor_kind");
                actor.Property(a => a.Id).HasColumnName("actor_id");
            }
        );
        // No foreign key for message_id: messages can be erased, events are immutable.
        builder.HasOne<Instance>().WithMany().HasForeignKey(e => e.InstanceId).OnDelete(DeleteBehavior.Cascade);
        // The order of the log (ADR 68). The database assigns it; the domain does not know it.
        builder.Property<long>(EventLog.Position).UseIdentityAlwaysColumn();
        builder.Property<DateTimeOffset?>(EventLog.WrittenAt).HasDefaultValueSql("clock_timestamp()");
        builder.HasIndex(nameof(FollowUpEvent.OwnerId), EventLog.Position);
        builder.HasIndex(e => new { e.OwnerId, e.SentAt });
    }
}
