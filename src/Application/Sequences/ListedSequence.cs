using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Shared;

namespace FollowUp.Application.Sequences;

/// <summary>A sequence in a list. Its steps are read apart, since they seldom have to be.</summary>
/// <param name="Id">The sequence's id.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Enabled">Whether it takes enrolments and sends.</param>
/// <param name="Version">The number of its current version.</param>
/// <param name="VersionId">That version's id.</param>
/// <param name="Schedule">When it may send; null means at any time.</param>
/// <param name="Counts">How many instances it has, by status; what is absent counts 0.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
/// <param name="Revision">Grows with each change.</param>
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
    /// <summary>Whether addresses of images by <c>http:</c> are written as <c>https:</c> in its mails.</summary>
    public bool UpgradeInsecureImages { get; init; }
}
