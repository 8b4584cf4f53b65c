using FollowUp.Domain.Recipients;

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

    /// <summary>Only those that were sent this variant of an EMAIL step.</summary>
    public string? Variant { get; init; }

    /// <summary>Only those whose next step is due before this instant.</summary>
    public DateTimeOffset? DueBefore { get; init; }

    /// <summary>Only those whose address or name begins with this text, in any case.</summary>
    public string? Q { get; init; }

    /// <summary><see cref="Email"/> as the database compares it: one spelling of a domain outside ASCII, in lower case.</summary>
    internal string? EmailKey => Email is null ? null : EmailInput.Read(Email).Address?.Key ?? Email.ToLowerInvariant();

    /// <summary><see cref="Q"/> as a LIKE pattern with the escape character <c>\</c>. The database changes its case, as it does with what it compares.</summary>
    internal string? Pattern => Q is null ? null : $"{Q.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%";

    /// <summary>Whether no condition is given.</summary>
    internal bool IsEmpty => this == new InstanceFilter();
}
