namespace FollowUp.Infrastructure.Scheduling;

internal sealed class CalendarConfiguration : IEntityTypeConfiguration<Calendar>
{
    public void Configure(EntityTypeBuilder<Calendar> builder)
    {
        builder.ToTable("calendar");
        builder.HasKey(c => c.Id);
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.Property(c => c.Revision).IsConcurrencyToken();
        builder.Property(c => c.Dates).HasColumnType("date[]").HasConversion<ArrayConverter<DateOnly>, ListComparer<DateOnly>>();
        builder
            .Property(c => c.Names)
            .HasColumnType("text[]")
            .HasDefaultValueSql("'{}'")
            .HasConversion<ArrayConverter<string>, ListComparer<string>>();
        builder.Ignore(c => c.Days);
        builder.Ignore(c => c.Events);
        builder.HasOne<AppUser>().WithMany().HasForeignKey(c => c.OwnerId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(c => new { c.OwnerId, c.Name }).IsUnique();
    }
}
