namespace FollowUp.Application.Messaging;

/// <summary>A command that creates: a caller may name it with an idempotency key and then gets the first answer again.</summary>
/// <typeparam name="T">What it answers; it must survive a round trip through JSON.</typeparam>
public interface ICreateCommand<T> : ICommand<T>;
