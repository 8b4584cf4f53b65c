using MediatR;

namespace FollowUp.Application.Messaging;

/// <summary>A use case that changes something, in one transaction.</summary>
public interface ICommand<T> : IUseCase<T>, ITransactional;

internal interface ICommandHandler<TCommand, T> : IRequestHandler<TCommand, Result<T>>
    where TCommand : IUseCase<T>;
