namespace FollowUp.Application.Sandbox;

/// <summary>How much one call may do.</summary>
/// <param name="MostSteps"><c>Sandbox:StepsPerCall</c>: the most steps that one move of the clock carries out.</param>
/// <param name="MostTime"><c>Sandbox:TimePerCall</c>: how long one move of the clock goes on beginning steps.</param>
public sealed record SandboxOptions(int MostSteps, TimeSpan MostTime);
