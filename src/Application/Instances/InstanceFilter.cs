using System.ComponentModel.DataAnnotations;

namespace FollowUp.Application.Instances;

/// <summary>A filter of instances, as in the list of instances. All given conditions must hold.</summary>
public sealed record InstanceFilter
{
    /// <summary>Only instances of this sequence.</summary>
    public Guid? SequenceId { get; init; }

    /// <summary>Only instances with this status.</summary>
    [OneOf(typeof(InstanceStatus))]
    public string? Status { get; init; }

    /// <summary>Only instances of this address, in any case.</summary>
    public string? Email { get; init; }

    /// <summary>Only instances that wait for a user (<c>true</c>), that do not (<c>false</c>), or that wait for this reason.</summary>
    [OneOf(typeof(Attention), "true", "false")]
    public string? Attention { get; init; }

    /// <summary>Only instances whose current step has this index.</summary>
    [Range(0, int.MaxValue)]
    public int? Step { get; init; }

    /// <summary>Only instances on this version.</summary>
    [Range(1, int.MaxValue)]
    public int? Version { get; init; }

    /// <summary>Only instances that were stopped for this reason.</summary>
    [OneOf(typeof(StopReason))]
    public string? StopReason { get; init; }

    /// <summary>Only instances that were sent this variant of an EMAIL step.</summary>
    public string? Variant { get; init; }

    /// <summary>Only instances whose next step is due before this instant.</summary>
    public DateTimeOffset? DueBefore { get; init; }

    /// <summary>Only instances whose address or name starts with this text, in any case.</summary>
    public string? Q { get; init; }

    /// <summary><see cref="Email"/> as the database compares it: with an ASCII domain, in lower case.</summary>
    internal string? EmailKey => Email is null ? null : EmailInput.Read(Email).Address?.Key ?? Email.ToLowerInvariant();

    /// <summary>
    /// <see cref="Q"/> as a LIKE pattern with the escape character <c>\</c>. The database lowercases it, as it does the compared columns.
    /// </summary>
    internal string? Pattern => Q is null ? null : $"{Q.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%";

    internal bool IsEmpty => this == new InstanceFilter();
}
