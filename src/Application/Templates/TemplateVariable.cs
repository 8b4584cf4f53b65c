namespace FollowUp.Application.Templates;

/// <summary>A variable that a template reads and that a client gives: of <c>recipient</c>, <c>offer</c> or <c>variables</c>.</summary>
/// <param name="Name">Such as <c>offer.address</c>.</param>
/// <param name="IsWritten">Whether it is written out somewhere; else it only decides or is gone through.</param>
/// <param name="Needed">Whether it is written out somewhere without a default: then a text without its value would have a hole.</param>
public sealed record TemplateVariable(string Name, bool IsWritten, bool Needed)
{
    /// <summary>Whether a condition asks whether it is true, without comparing it.</summary>
    public bool Decides { get; init; }
}
