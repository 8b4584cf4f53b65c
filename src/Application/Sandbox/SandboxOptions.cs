namespace FollowUp.Application.Sandbox;

/// <summary>The limits of one call.</summary>
/// <param name="MostSteps"><c>Sandbox:StepsPerCall</c>: the maximum number of steps that one move of the clock executes.</param>
/// <param name="MostTime"><c>Sandbox:TimePerCall</c>: how long one move of the clock starts further steps.</param>
internal sealed record SandboxOptions(int MostSteps, TimeSpan MostTime);
