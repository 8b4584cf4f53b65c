using MediatR;

namespace FollowUp.Application.Messaging;

/// <summary>A use case's request: a command or a query.</summary>
/// <typeparam name="T">The response.</typeparam>
public interface IUseCase<T> : IRequest<Result<T>>;
