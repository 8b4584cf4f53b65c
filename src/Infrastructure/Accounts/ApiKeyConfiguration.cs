namespace FollowUp.Infrastructure.Accounts;

internal sealed class ApiKeyConfiguration : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> builder)
    {
        builder.ToTable("api_key");
        builder.HasKey(k => k.Id);
        builder.Property(k => k.Id).ValueGeneratedNever();
        builder.HasOne<AppUser>().WithMany().HasForeignKey(k => k.OwnerId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(k => k.Kind).HasDefaultValue(ApiKeyKind.Live).HasSentinel(ApiKeyKind.Live);
        builder.HasIndex(k => k.Hash).IsUnique();
    }
}
