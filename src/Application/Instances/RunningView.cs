namespace FollowUp.Application.Instances;

/// <summary>The running instances at one step.</summary>
/// <param name="Version">The version that they are on.</param>
/// <param name="Step">The index of their current step.</param>
/// <param name="StepId">The id of that step.</param>
/// <param name="Type">The type of that step.</param>
/// <param name="Active">The number of ACTIVE instances.</param>
/// <param name="Paused">The number of PAUSED instances.</param>
/// <param name="Failed">The number of instances that FAILED at the step.</param>
/// <param name="BeingSent">How many of them are executing the step now; these are moved after it.</param>
public sealed record RunningView(int Version, int Step, string StepId, string Type, int Active, int Paused, int Failed, int BeingSent);
