namespace FollowUp.Infrastructure.Instances;

/// <summary>
/// One row of the statistics: how often something happened at a step on a day. The database derives it from the log, in the transaction that writes
/// the event.
/// </summary>
internal sealed class StepStat
{
    /// <summary>The <see cref="Span"/> of a row that sums up a day.</summary>
    public const string OfDay = "day";

    /// <summary>The <see cref="Span"/> of a row that sums up a month.</summary>
    public const string OfMonth = "month";

    /// <summary>The <see cref="Span"/> of a row that sums up all time.</summary>
    public const string OfAll = "all";

    /// <summary>The <see cref="Span"/> of a row that is not folded yet: it counts in addition to each of the three.</summary>
    public const string New = "new";

    public OwnerId OwnerId { get; private init; }
    public SequenceId SequenceId { get; private init; }
    public int Version { get; private init; }

    /// <summary>The step's index, or <see cref="StepMetric.WholeInstance"/>.</summary>
    public int StepIndex { get; private init; }

    /// <summary>The variant's name; empty when there are none.</summary>
    public string Variant { get; private init; } = "";

    /// <summary>
    /// The span that the row covers: each event is counted once in each of <see cref="OfDay"/>, <see cref="OfMonth"/> and <see cref="OfAll"/>.
    /// </summary>
    public string Span { get; private init; } = "";

    /// <summary>The day, or the first day of the month, in UTC; not used for <see cref="OfAll"/>.</summary>
    public DateOnly Day { get; private init; }

    /// <summary>What happened: <c>sent</c>, <c>replied</c>, …, or <see cref="StepMetric.Elapsed"/>.</summary>
    public string Metric { get; private init; } = "";

    /// <summary>For <see cref="StepMetric.Elapsed"/>: the duration on a logarithmic scale; otherwise 0.</summary>
    public int Bucket { get; private init; }

    public long Count { get; private init; }
}

internal sealed class StepStatConfiguration : IEntityTypeConfiguration<StepStat>
{
    public void Configure(EntityTypeBuilder<StepStat> builder)
    {
        // Folded rows and those not folded yet. statistics.sql, beside the migration, creates both tables, the view and the triggers.
        builder.ToView("step_stat_sum");
        builder.HasNoKey();
    }
}
