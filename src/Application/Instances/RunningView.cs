namespace FollowUp.Application.Instances;

/// <summary>How many running instances stand at one step.</summary>
/// <param name="Version">The version that they are on.</param>
/// <param name="Step">The step that comes next for them.</param>
/// <param name="StepId">Its id.</param>
/// <param name="Type">What it does.</param>
/// <param name="Active">How many are ACTIVE.</param>
/// <param name="Paused">How many are PAUSED.</param>
/// <param name="Failed">How many have FAILED at it.</param>
/// <param name="BeingSent">How many of them have it carried out at this moment: they are moved behind it.</param>
public sealed record RunningView(int Version, int Step, string StepId, string Type, int Active, int Paused, int Failed, int BeingSent);
