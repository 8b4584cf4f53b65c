namespace FollowUp.Application.Behaviors;

/// <summary>An answer that was given under an idempotency key.</summary>
/// <param name="RequestHash">SHA-256 of the request.</param>
/// <param name="Answer">The answer as JSON.</param>
public sealed record KeptAnswer(byte[] RequestHash, string Answer);
