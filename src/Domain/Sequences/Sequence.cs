namespace FollowUp.Domain.Sequences;

/// <summary>A sequence of steps that a user owns: name, description, whether it is enabled, and its published versions. Aggregate root.</summary>
public sealed class Sequence : AggregateRoot
{
    /// <summary>The maximum length of a name, in characters.</summary>
    public const int LongestName = 200;

    /// <summary>The maximum length of a description, in characters.</summary>
    public const int LongestDescription = 2_000;

    /// <summary>The maximum number of steps.</summary>
    public const int MostSteps = 50;

    /// <summary>The maximum number of published versions kept.</summary>
    public const int MostVersions = 500;

    private readonly List<SequenceVersion> _versions = [];

    private Sequence() { }

    /// <summary>The id.</summary>
    public SequenceId Id { get; private set; }

    /// <summary>The owner.</summary>
    public OwnerId OwnerId { get; private set; }

    /// <summary>The name.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The description, or null.</summary>
    public string? Description { get; private set; }

    /// <summary>Whether it accepts enrolments and sends. When it is disabled, its instances are parked as they come due.</summary>
    public bool Enabled { get; private set; }

    /// <summary>
    /// When it may send; null means at any time. Belongs to the sequence, not to a version, so a change applies to running instances at
    /// once.
    /// </summary>
    public Schedule? Schedule { get; private set; }

    /// <summary>
    /// Whether <c>http:</c> image addresses are rewritten to <c>https:</c>. Belongs to the sequence, not to a version, so a change applies
    /// to running instances at once.
    /// </summary>
    public bool UpgradeInsecureImages { get; private set; }

    /// <summary>The number of the version for new enrolments.</summary>
    public int CurrentVersion { get; private set; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When it was last changed.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>
    /// When it was deleted; null while it exists. A deleted sequence is disabled and invisible; its rows are deleted in the background.
    /// </summary>
    public DateTimeOffset? DeletedAt { get; private set; }

    /// <summary>The loaded versions; the current one is always loaded.</summary>
    public IReadOnlyList<SequenceVersion> Versions => _versions;

    /// <summary>The version for new enrolments.</summary>
    public SequenceVersion Current => _versions.Single(version => version.Number == CurrentVersion);

    /// <summary>Creates a sequence with its first version.</summary>
    /// <param name="name">1 to <see cref="LongestName"/> characters.</param>
    /// <param name="steps">1 to <see cref="MostSteps"/> steps.</param>
    /// <param name="schedule">When it may send; null means at any time.</param>
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

    /// <summary>Changes the name and the description.</summary>
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

    /// <summary>Publishes a new version when the steps differ from the current ones. Running instances stay on their versions.</summary>
    /// <param name="steps">
    /// 1 to <see cref="MostSteps"/> steps. A step without an id gets the id of the current step that it continues, or a new one.
    /// </param>
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

    /// <summary>Changes when the sequence may send.</summary>
    public void ChangeSchedule(Schedule? schedule, DateTimeOffset now)
    {
        if (schedule != Schedule)
        {
            Schedule = schedule;
            Touch(now);
            Raise(new ScheduleChanged(Id, OwnerId));
        }
    }

    /// <summary>Changes whether <c>http:</c> image addresses are rewritten to <c>https:</c>.</summary>
    public void ChangeImageUpgrade(bool upgrade, DateTimeOffset now)
    {
        if (upgrade != UpgradeInsecureImages)
        {
            UpgradeInsecureImages = upgrade;
            Touch(now);
        }
    }

    /// <summary>Enables or disables the sequence.</summary>
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

    /// <summary>Marks the sequence as deleted. Claims that begin after the commit find it disabled, so nothing more is sent.</summary>
    public void Delete(DateTimeOffset now)
    {
        // A schedule would block the deletion of its calendar.
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
