namespace FollowUp.Infrastructure.Operations;

internal sealed class OperationConfiguration : IEntityTypeConfiguration<Operation>
{
    public void Configure(EntityTypeBuilder<Operation> builder)
    {
        builder.ToTable("operation");
        builder.HasKey(o => o.Id);
        builder.Property(o => o.Id).ValueGeneratedNever();
        builder.Property(o => o.Revision).IsConcurrencyToken();
        builder.Ignore(o => o.Events);
        builder.Ignore(o => o.IsActive);
        builder.Property(o => o.Errors).HasColumnName("errors");
        builder.Property(o => o.Parameters).HasColumnType("jsonb");
        builder.Property(o => o.RefusedBy).HasColumnType("jsonb").HasConversion<DictionaryConverter<int>, DictionaryComparer<int>>();
        builder.Property(o => o.Deferred).HasColumnType("uuid[]").HasConversion<ArrayConverter<Guid>, ListComparer<Guid>>();
        builder.ComplexProperty(
            o => o.Actor,
            actor =>
            {
                actor.Property(a => a.Kind).HasColumnName("actor_kind");
                actor.Property(a => a.Id).HasColumnName("actor_id");
            }
        );
        builder.HasOne<AppUser>().WithMany().HasForeignKey(o => o.OwnerId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(o => new { o.OwnerId, o.Id });
        // For the choice of the next batch, and to find a queued operation of the same kind.
        builder
            .HasIndex(o => new
            {
                o.OwnerId,
                o.Kind,
                o.TargetId,
            })
            .HasFilter("finished_at IS NULL")
            .HasDatabaseName("ix_operation_active");
        builder.HasIndex(o => o.FinishedAt).HasFilter("finished_at IS NOT NULL").HasDatabaseName("ix_operation_finished");
    }
}
