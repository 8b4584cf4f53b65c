namespace FollowUp.Application.Messaging;

/// <summary>
/// A use case that changes something and manages its transactions itself, because it calls a provider or reads a long stream between them.
/// </summary>
public interface IUnboundCommand<T> : IUseCase<T>;
