//! Bodies that report their progress to [`Activity`].

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use axum::{BoxError, body::Body};
use http_body_util::Limited;
use hyper::body::{Bytes, Frame, Incoming, SizeHint};

use super::activity::{Activity, Intervention};

/// The client took too long to send its body, or the service stopped before it was complete.
#[derive(Debug, thiserror::Error)]
#[error("the body did not arrive in time")]
pub(crate) struct BodyTimeout;

/// A request body, limited in bytes and time.
pub(super) struct RequestBody {
    body: Limited<Incoming>,
    activity: Arc<Activity>,
}

impl RequestBody {
    pub(super) fn new(body: Incoming, max_bytes: usize, activity: Arc<Activity>) -> Self {
        Self { body: Limited::new(body, max_bytes), activity }
    }
}

impl hyper::body::Body for RequestBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        // Received frames are passed on, even if late.
        if polled.is_pending()
            && matches!(self.activity.intervention(), Intervention::BodyTimeout | Intervention::Stopping)
        {
            self.activity.fail_body();
            return Poll::Ready(Some(Err(BodyTimeout.into())));
        }
        let frame = ready!(polled);
        if frame.is_none() || self.body.is_end_stream() {
            self.activity.end_body();
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A dropped body is no longer awaited.
impl Drop for RequestBody {
    fn drop(&mut self) {
        self.activity.end_body();
    }
}

/// A response body. hyper drops it after reading its last frame.
pub(super) struct ResponseBody {
    body: Body,
    activity: Arc<Activity>,
}

impl ResponseBody {
    pub(super) fn new(body: Body, activity: Arc<Activity>) -> Self {
        Self { body, activity }
    }
}

impl hyper::body::Body for ResponseBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for ResponseBody {
    fn drop(&mut self) {
        self.activity.end_response();
    }
}
