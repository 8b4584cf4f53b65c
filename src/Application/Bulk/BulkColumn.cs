namespace FollowUp.Application.Bulk;

/// <summary>How a CSV column is read.</summary>
/// <param name="Column">Its name in the header; empty when it has none.</param>
/// <param name="Field">
/// The field that it fills, such as <c>recipient.email</c>, <c>offerId</c> or <c>variables.company</c>; null when it is ignored.
/// </param>
public sealed record BulkColumn(string Column, string? Field);
