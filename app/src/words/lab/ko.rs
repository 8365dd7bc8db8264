//! Korean.

use super::LabWords;

pub(super) const KO: LabWords = LabWords {
    pages: "실험실 페이지",
    compare: "비교",
    intro: "같은 실시간 수치를 모든 전송 방식으로 나란히 받아, 이 브라우저와 이 네트워크에서 측정합니다.",
};
