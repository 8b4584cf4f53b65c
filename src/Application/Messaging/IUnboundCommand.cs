namespace FollowUp.Application.Messaging;

/// <summary>Changes something and decides on its own where its transactions begin and end, because a provider or a long stream lies between them.</summary>
/// <typeparam name="T">What it answers.</typeparam>
public interface IUnboundCommand<T> : IUseCase<T>;
