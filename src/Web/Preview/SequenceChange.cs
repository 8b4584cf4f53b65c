using System.ComponentModel.DataAnnotations;

namespace FollowUp.Web.Preview;

/// <summary>Changes to a sequence by PUT. Absent fields stay unchanged.</summary>
internal sealed record SequenceChange
{
    /// <summary>The name in lists, and <c>sequence.name</c> in templates.</summary>
    [Required]
    [StringLength(Sequence.LongestName, MinimumLength = 1)]
    public Optional<string> Name { get; init; }

    /// <summary>A note for the users of the sequence, such as its purpose; null removes it. It is never sent.</summary>
    [MaxLength(Sequence.LongestDescription)]
    public Optional<string> Description { get; init; }

    /// <summary>Whether the sequence accepts enrolments and sends.</summary>
    [Required]
    public Optional<bool?> Enabled { get; init; }

    /// <summary>The steps, in the order in which they are executed.</summary>
    [Required]
    [Length(1, Sequence.MostSteps)]
    public Optional<IReadOnlyList<StepInput?>> Steps { get; init; }

    /// <summary>When it may send; null means at any time.</summary>
    public Optional<ScheduleInput> Schedule { get; init; }

    /// <summary>Whether <c>http:</c> addresses of images become <c>https:</c> in its mails, also for running instances at once.</summary>
    [Required]
    public Optional<bool?> UpgradeInsecureImages { get; init; }
}
