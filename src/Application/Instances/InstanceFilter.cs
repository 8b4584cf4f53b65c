namespace FollowUp.Application.Instances;

/// <summary>Which instances, in the words of the list of instances. All conditions that are given must hold.</summary>
public sealed record InstanceFilter
{
    /// <summary>Only those of this sequence.</summary>
    public Guid? SequenceId { get; init; }

    /// <summary>Only those with this status.</summary>
    public string? Status { get; init; }

    /// <summary>Only those of this address, whatever its case.</summary>
    public string? Email { get; init; }

    /// <summary>Only those that wait for a user (<c>true</c>), that do not (<c>false</c>), or that wait for this reason.</summary>
    public string? Attention { get; init; }

    /// <summary>Only those whose next or failed step has this index.</summary>
    public int? Step { get; init; }

    /// <summary>Only those on this version.</summary>
    public int? Version { get; init; }

    /// <summary>Only those that were stopped for this reason.</summary>
    public string? StopReason { get; init; }

    /// <summary>Only those whose next step is due before this instant.</summary>
    public DateTimeOffset? DueBefore { get; init; }

    /// <summary>Whether no condition is given.</summary>
    internal bool IsEmpty => this == new InstanceFilter();
}
