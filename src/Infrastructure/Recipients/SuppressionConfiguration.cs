namespace FollowUp.Infrastructure.Recipients;

internal sealed class SuppressionConfiguration : IEntityTypeConfiguration<Suppression>
{
    public void Configure(EntityTypeBuilder<Suppression> builder)
    {
        builder.ToTable("suppression");
        builder.HasKey(s => s.Id);
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.Property(s => s.Source).HasDefaultValue(SuppressionSource.User).HasSentinel(SuppressionSource.User);
        // For the list, newest first, and for prefix searches of addresses.
        builder.HasIndex(s => new { s.OwnerId, s.Id });
        builder.HasIndex(s => new { s.OwnerId, s.Address }).HasOperators(null!, "text_pattern_ops");
        builder.HasOne<AppUser>().WithMany().HasForeignKey(s => s.OwnerId).OnDelete(DeleteBehavior.Cascade);
        builder
            .HasIndex(s => new
            {
                s.OwnerId,
                s.Channel,
                s.Address,
            })
            .IsUnique();
    }
}
