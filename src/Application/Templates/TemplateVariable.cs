namespace FollowUp.Application.Templates;

/// <summary>A client-supplied variable that a template reads: of <c>recipient</c>, <c>offer</c> or <c>variables</c>.</summary>
/// <param name="IsWritten">Whether it is output somewhere; otherwise it is only tested or iterated.</param>
/// <param name="Needed">Whether it is output somewhere without a default, so that a missing value leaves a gap.</param>
internal sealed record TemplateVariable(string Name, bool IsWritten, bool Needed)
{
    /// <summary>Whether a condition tests its truth value, without a comparison.</summary>
    public bool Decides { get; init; }
}
