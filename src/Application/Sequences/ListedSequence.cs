using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Sequences;

/// <summary>A sequence in a list. Its steps are read separately, because they are usually cached.</summary>
/// <param name="Id">The id.</param>
/// <param name="Name">The name.</param>
/// <param name="Description">The description.</param>
/// <param name="Enabled">Whether it accepts enrolments and sends.</param>
/// <param name="Version">The number of its current version.</param>
/// <param name="VersionId">The id of that version.</param>
/// <param name="Schedule">When it may send; null means at any time.</param>
/// <param name="Counts">The number of instances by status; a missing status counts as 0.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
/// <param name="Revision">Increases with each change.</param>
public sealed record ListedSequence(
    SequenceId Id,
    string Name,
    string? Description,
    bool Enabled,
    int Version,
    SequenceVersionId VersionId,
    Schedule? Schedule,
    IReadOnlyDictionary<InstanceStatus, int> Counts,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    int Revision
)
{
    /// <summary>Whether <c>http:</c> image addresses in its mails are rewritten to <c>https:</c>.</summary>
    public bool UpgradeInsecureImages { get; init; }
}
