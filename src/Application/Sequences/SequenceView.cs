using System.Text.Json.Serialization;
using FollowUp.Application.Scheduling;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Shared;

namespace FollowUp.Application.Sequences;

/// <summary>A sequence as a client reads it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Enabled">Whether it takes enrolments and sends.</param>
/// <param name="Version">The number of the version that new instances get.</param>
/// <param name="Steps">That version's steps.</param>
/// <param name="Schedule">When it may send; null means at any time.</param>
/// <param name="InstanceCounts">How many instances it has, by status; every status is there.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
/// <param name="Revision">What its ETag is made of.</param>
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
    /// <summary>Whether addresses of images by <c>http:</c> are written as <c>https:</c> in its mails.</summary>
    public bool UpgradeInsecureImages { get; init; }

    /// <summary>The variables that its templates read, by name; at most 500. Not in lists of sequences.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<VariableView>? Variables { get; init; }

    /// <summary>What was accepted and is probably wrong; at most 100. Only in responses to creating and changing a sequence.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SequenceWarning>? Warnings { get; init; }

    /// <summary>A sequence as a client reads it.</summary>
    /// <param name="current">Its current version.</param>
    /// <param name="counts">Its instances by status; what is absent counts 0.</param>
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

    /// <summary>A sequence as a client reads it.</summary>
    /// <param name="steps">The steps of its current version.</param>
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
