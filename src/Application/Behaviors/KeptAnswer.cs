namespace FollowUp.Application.Behaviors;

/// <summary>A response stored under an idempotency key.</summary>
public sealed record KeptAnswer(byte[] RequestHash, string Answer);
