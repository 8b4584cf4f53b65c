namespace FollowUp.Application.Quotas;

/// <summary>A cap that grows from day to day.</summary>
/// <param name="Start">The mails of the first day.</param>
/// <param name="PerDay">How many more each following day has.</param>
/// <param name="Since">The first day; absent means the present one, or the one that the same ramp has already.</param>
public sealed record RampInput(int? Start, int? PerDay, DateOnly? Since);
