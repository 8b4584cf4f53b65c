namespace FollowUp.Application.Sequences;

/// <summary>A sequence in a response.</summary>
/// <param name="Id">The id.</param>
/// <param name="Name">The name in lists, and <c>sequence.name</c> in templates.</param>
/// <param name="Description">A note for the users of the sequence. It is never sent.</param>
/// <param name="Enabled">Whether it accepts enrolments and sends.</param>
/// <param name="Version">The number of the version for new enrolments.</param>
/// <param name="Steps">The steps of that version, in the order in which they are executed.</param>
/// <param name="Schedule">When it may send; null means at any time.</param>
/// <param name="InstanceCounts">The number of instances by status, with every status.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
/// <param name="Revision">The source of the ETag.</param>
public record SequenceView(
    Guid Id,
    string Name,
    string? Description,
    bool Enabled,
    int Version,
    [property: PreparedJson] IReadOnlyList<StepInput> Steps,
    ScheduleInput? Schedule,
    IReadOnlyDictionary<string, int> InstanceCounts,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    [property: NotShown] int Revision
)
{
    /// <summary>Whether <c>http:</c> image addresses in its mails are rewritten to <c>https:</c>.</summary>
    public bool UpgradeInsecureImages { get; init; }

    /// <summary>The variables that its templates read, by name; at most 500. Not in lists of sequences.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<VariableView>? Variables { get; init; }

    /// <summary>What was accepted but is probably wrong; at most 100. Only in responses to creating and changing a sequence.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SequenceWarning>? Warnings { get; init; }

    /// <summary>A status that the counts do not have counts as 0.</summary>
    internal static SequenceView From(Sequence sequence, SequenceVersion current, IReadOnlyDictionary<InstanceStatus, int> counts) =>
        From(
            new(
                sequence.Id,
                sequence.Name,
                sequence.Description,
                sequence.Enabled,
                sequence.CurrentVersion,
                current.Id,
                sequence.Schedule,
                counts,
                sequence.CreatedAt,
                sequence.UpdatedAt,
                sequence.Revision
            )
            {
                UpgradeInsecureImages = sequence.UpgradeInsecureImages,
            },
            new StepList(current.Steps)
        );

    internal static SequenceView From(ListedSequence sequence, StepList steps) =>
        new(
            sequence.Id.Value,
            sequence.Name,
            sequence.Description,
            sequence.Enabled,
            sequence.Version,
            steps,
            ScheduleInput.Of(sequence.Schedule),
            Enum.GetValues<InstanceStatus>()
                .ToDictionary(status => status.ToString().ToUpperInvariant(), sequence.Counts.GetValueOrDefault),
            sequence.CreatedAt,
            sequence.UpdatedAt,
            sequence.Revision
        )
        {
            UpgradeInsecureImages = sequence.UpgradeInsecureImages,
        };
}
