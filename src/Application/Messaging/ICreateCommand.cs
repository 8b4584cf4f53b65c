namespace FollowUp.Application.Messaging;

/// <summary>A command that creates something: with an idempotency key, a repeated call gets the first response again.</summary>
/// <typeparam name="T">The response; it must survive a round trip through JSON.</typeparam>
public interface ICreateCommand<T> : ICommand<T>;
