using Ardalis.Result;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Shared;

namespace FollowUp.Domain.Sequences;

/// <summary>The template that a user owns: name, description, whether it is enabled, and its published versions. Aggregate root.</summary>
public sealed class Sequence : AggregateRoot
{
    /// <summary>The longest name, in characters.</summary>
    public const int LongestName = 200;

    /// <summary>The longest description, in characters.</summary>
    public const int LongestDescription = 2_000;

    /// <summary>The most steps.</summary>
    public const int MostSteps = 50;

    /// <summary>The most published versions that are kept.</summary>
    public const int MostVersions = 500;

    private readonly List<SequenceVersion> _versions = [];

    private Sequence() { }

    /// <summary>The sequence's id.</summary>
    public SequenceId Id { get; private set; }

    /// <summary>Whose it is.</summary>
    public OwnerId OwnerId { get; private set; }

    /// <summary>What its owner calls it.</summary>
    public string Name { get; private set; } = "";

    /// <summary>What it is for; null when nothing was said.</summary>
    public string? Description { get; private set; }

    /// <summary>Whether it takes enrolments and sends. A disabled sequence's instances are parked as they come due.</summary>
    public bool Enabled { get; private set; }

    /// <summary>When it may send; null means at any time. It is the sequence's and not a version's, so a change holds for everybody who is in it.</summary>
    public Schedule? Schedule { get; private set; }

    /// <summary>
    /// Whether images by <c>http:</c> are loaded by <c>https:</c> instead. Belongs to the sequence and not to a version, so a change applies to running instances
    /// at once.
    /// </summary>
    public bool UpgradeInsecureImages { get; private set; }

    /// <summary>The number of the version that new instances get.</summary>
    public int CurrentVersion { get; private set; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When it was last changed.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>
    /// When it was deleted; null while it exists. From then on it is disabled and no reader sees it; its rows are deleted in the background.
    /// </summary>
    public DateTimeOffset? DeletedAt { get; private set; }

    /// <summary>The published versions that were loaded; the current one always is.</summary>
    public IReadOnlyList<SequenceVersion> Versions => _versions;

    /// <summary>The version that new instances get.</summary>
    public SequenceVersion Current => _versions.Single(version => version.Number == CurrentVersion);

    /// <summary>Creates a sequence with its first version.</summary>
    /// <param name="owner">Whose it is.</param>
    /// <param name="name">1 to <see cref="LongestName"/> characters.</param>
    /// <param name="description">What it is for, or null.</param>
    /// <param name="enabled">Whether it takes enrolments and sends.</param>
    /// <param name="steps">1 to <see cref="MostSteps"/> steps.</param>
    /// <param name="schedule">When it may send; null means at any time.</param>
    /// <param name="upgradeInsecureImages">Whether images by <c>http:</c> are loaded by <c>https:</c> instead.</param>
    /// <returns>The sequence, or what is wrong with it.</returns>
    public static Result<Sequence> Create(
        OwnerId owner,
        string name,
        string? description,
        bool enabled,
        IReadOnlyList<Step> steps,
        DateTimeOffset now,
        Schedule? schedule = null,
        bool upgradeInsecureImages = false
    )
    {
        if (Check(name, description, steps) is { } wrong)
        {
            return wrong;
        }

        var sequence = new Sequence
        {
            Id = new SequenceId(Guid.CreateVersion7(now)),
            OwnerId = owner,
            Name = name,
            Description = description,
            Enabled = enabled,
            Schedule = schedule,
            UpgradeInsecureImages = upgradeInsecureImages,
            CreatedAt = now,
        };
        sequence.Publish(StepIds.Complete(steps, [], now), now);
        return sequence;
    }

    /// <summary>Renames the sequence, or says anew what it is for.</summary>
    /// <param name="name">1 to <see cref="LongestName"/> characters.</param>
    /// <param name="description">What it is for, or null.</param>
    /// <returns>Success, or what is wrong.</returns>
    public Result Describe(string name, string? description, DateTimeOffset now)
    {
        if (Check(name, description, Current.Steps) is { } wrong)
        {
            return wrong;
        }

        if (name != Name || description != Description)
        {
            (Name, Description) = (name, description);
            Touch(now);
        }

        return Result.Success();
    }

    /// <summary>Makes a new version when the steps differ from the present ones. Running instances stay on theirs.</summary>
    /// <param name="steps">1 to <see cref="MostSteps"/> steps; those without an id get that of the present step that they continue, or a new one.</param>
    /// <returns>Success, or what is wrong.</returns>
    public Result ChangeSteps(IReadOnlyList<Step> steps, DateTimeOffset now)
    {
        if (Check(Name, Description, steps) is { } wrong)
        {
            return wrong;
        }

        var named = StepIds.Complete(steps, Current.Steps, now);
        if (!named.SequenceEqual(Current.Steps))
        {
            Publish(named, now);
        }

        return Result.Success();
    }

    /// <summary>Says anew when the sequence may send.</summary>
    /// <param name="schedule">The schedule; null means at any time.</param>
    public void ChangeSchedule(Schedule? schedule, DateTimeOffset now)
    {
        if (schedule != Schedule)
        {
            Schedule = schedule;
            Touch(now);
            Raise(new ScheduleChanged(Id, OwnerId));
        }
    }

    /// <summary>Changes whether images by <c>http:</c> are loaded by <c>https:</c> instead.</summary>
    /// <param name="upgrade">Whether they are.</param>
    public void ChangeImageUpgrade(bool upgrade, DateTimeOffset now)
    {
        if (upgrade != UpgradeInsecureImages)
        {
            UpgradeInsecureImages = upgrade;
            Touch(now);
        }
    }

    /// <summary>Lets the sequence take enrolments and send, or ends both.</summary>
    /// <param name="enabled">Whether it shall.</param>
    public void Enable(bool enabled, DateTimeOffset now)
    {
        if (enabled == Enabled)
        {
            return;
        }

        Enabled = enabled;
        Touch(now);
        if (enabled)
        {
            Raise(new SequenceEnabled(Id, OwnerId));
        }
    }

    /// <summary>Deletes the sequence. It sends nothing any more: a claim that begins after the commit finds it disabled.</summary>
    public void Delete(DateTimeOffset now)
    {
        // Without its schedule it keeps no calendar from being deleted.
        (Enabled, Schedule, DeletedAt) = (false, null, now);
        Touch(now);
        Raise(new SequenceDeleted(Id, OwnerId));
    }

    private static Result? Check(string name, string? description, IReadOnlyList<Step> steps) =>
        (name, steps) switch
        {
            ({ Length: 0 or > LongestName }, _) => SequenceErrors.NameLength,
            _ when description?.Length > LongestDescription => SequenceErrors.DescriptionLength,
            (_, { Count: 0 or > MostSteps }) => SequenceErrors.StepCount,
            _ when StepIds.FirstRepeated(steps) is { } index => SequenceErrors.StepIdRepeated(index),
            _ => null,
        };

    private void Publish(IReadOnlyList<Step> steps, DateTimeOffset now)
    {
        CurrentVersion++;
        _versions.Add(new SequenceVersion(new SequenceVersionId(Guid.CreateVersion7(now)), this, CurrentVersion, [.. steps], now));
        Touch(now);
        Raise(new VersionPublished(Id, CurrentVersion));
    }

    private void Touch(DateTimeOffset now)
    {
        Revision++;
        UpdatedAt = now;
    }
}
