namespace FollowUp.Infrastructure.Instances;

internal sealed class SequenceMigrationConfiguration : IEntityTypeConfiguration<SequenceMigration>
{
    public void Configure(EntityTypeBuilder<SequenceMigration> builder)
    {
        builder.ToTable("sequence_migration");
        builder.HasKey(m => m.Id);
        builder.Property(m => m.Id).ValueGeneratedNever();
        builder.Property(m => m.Revision).IsConcurrencyToken();
        builder.Ignore(m => m.Events);
        builder.Property(m => m.Map).HasColumnType("jsonb").HasConversion<DictionaryConverter<string?>, DictionaryComparer<string?>>();
        builder.Property(m => m.Deferred).HasColumnType("uuid[]").HasConversion<ArrayConverter<Guid>, ListComparer<Guid>>();
        builder.ComplexProperty(
            m => m.Actor,
            actor =>
            {
                actor.Property(a => a.Kind).HasColumnName("actor_kind");
                actor.Property(a => a.Id).HasColumnName("actor_id");
            }
        );
        builder.HasOne<Sequence>().WithMany().HasForeignKey(m => m.SequenceId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(m => new { m.SequenceId, m.Id });
        // For the choice of the next batch.
        builder
            .HasIndex(m => new
            {
                m.OwnerId,
                m.UpdatedAt,
                m.Id,
            })
            .HasFilter("state = 'running'")
            .HasDatabaseName("ix_sequence_migration_turn");
        // One active migration per sequence.
        builder
            .HasIndex(m => m.SequenceId)
            .IsUnique()
            .HasFilter("state = 'running'")
            .HasDatabaseName("ux_sequence_migration_running_once");
    }
}
