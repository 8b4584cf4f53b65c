using MediatR;

namespace FollowUp.Application.Messaging;

/// <summary>A use case's request: a command or a query.</summary>
public interface IUseCase<T> : IRequest<Result<T>>;
