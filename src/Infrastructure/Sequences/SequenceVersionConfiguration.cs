namespace FollowUp.Infrastructure.Sequences;

internal sealed class SequenceVersionConfiguration : IEntityTypeConfiguration<SequenceVersion>
{
    public void Configure(EntityTypeBuilder<SequenceVersion> builder)
    {
        builder.ToTable("sequence_version");
        builder.HasKey(v => v.Id);
        builder.Property(v => v.Id).ValueGeneratedNever();
        builder.Property(v => v.Steps).HasColumnType("jsonb").HasConversion<StepsConverter, ListComparer<Step>>();
        builder.HasIndex(v => new { v.SequenceId, v.Number }).IsUnique();
    }
}
