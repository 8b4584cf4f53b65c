namespace FollowUp.Application.Behaviors;

/// <summary>A response stored under an idempotency key.</summary>
/// <param name="RequestHash">SHA-256 of the request.</param>
/// <param name="Answer">The response as JSON.</param>
public sealed record KeptAnswer(byte[] RequestHash, string Answer);
