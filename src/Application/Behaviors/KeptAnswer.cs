namespace FollowUp.Application.Behaviors;

internal sealed record KeptAnswer(byte[] RequestHash, string Answer);
